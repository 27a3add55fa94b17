// How many streams are open, in all and by one caller: a stream costs memory for as long as it is
// held, so no caller may take the places of the others.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace vardkedja::gateway {

class StreamLimit;

// One open stream; given back at its end.
class StreamSeat {
 public:
  ~StreamSeat();
  StreamSeat(const StreamSeat&) = delete;
  StreamSeat& operator=(const StreamSeat&) = delete;

 private:
  friend class StreamLimit;
  StreamSeat(StreamLimit& limit, std::string caller) : limit_(limit), caller_(std::move(caller)) {}

  StreamLimit& limit_;
  const std::string caller_;
};

// Thread-safe. Outlives its seats.
class StreamLimit {
 public:
  StreamLimit(int most, int most_per_caller) : most_(most), most_per_caller_(most_per_caller) {}

  // Null when there is no place.
  std::shared_ptr<const StreamSeat> Take(std::string_view caller);
  int taken() const;

 private:
  friend class StreamSeat;
  void GiveBack(const std::string& caller);

  const int most_;
  const int most_per_caller_;
  mutable std::mutex mutex_;
  int taken_ = 0;
  std::map<std::string, int, std::less<>> by_caller_;  // no zeros
};

}  // namespace vardkedja::gateway
