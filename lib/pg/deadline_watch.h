// libpqxx waits for the server without a limit of its own. This gives it one: a socket that is
// still in use when its deadline passes is shut down, and whoever waits on it gets an error at
// once.
#pragma once

#include <atomic>
#include <map>

#include "lib/pg/pool.h"

namespace vardkedja::pg {

// Thread-safe. One thread for the whole process, started at the first use.
class DeadlineWatch {
 public:
  static DeadlineWatch& Instance();

  DeadlineWatch(const DeadlineWatch&) = delete;
  DeadlineWatch& operator=(const DeadlineWatch&) = delete;

  // Watches `socket`, which must stay open and the same for as long as the scope lives.
  class Scope {
   public:
    Scope(int socket, Deadline deadline);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    // Whether the deadline passed and the socket was shut down.
    bool expired() const { return expired_; }

   private:
    friend class DeadlineWatch;
    const int socket_;
    std::atomic<bool> expired_ = false;
    std::multimap<Deadline, Scope*>::iterator place_;
  };

 private:
  struct State;

  DeadlineWatch();
  void Run();

  State* const state_;
};

}  // namespace vardkedja::pg
