// What a stay hangs together with.
#pragma once

#include <optional>
#include <vector>

#include "placement-service/domain/ids.h"
#include "placement-service/domain/values.h"

namespace vardkedja::placement::usecases {

// A stay by what has to be locked with it.
struct StayRef {
  domain::StayId id;
  domain::BedId bed;
  domain::OfferId offer;

  bool operator==(const StayRef&) const = default;
};

// A time at home by what has to be locked with it.
struct HomeRef {
  domain::AlternationId id;
  domain::BedId bed;

  bool operator==(const HomeRef&) const = default;
};

// What a stay hangs together with. The stay before or after is joined by a move, a transfer or a
// time at home.
struct StayLinks {
  std::optional<StayRef> before;
  std::optional<StayRef> after;
  bool back_from_home = false;  // a time at home lies before it
  bool went_home = false;       // it ended with one
  // Then the dates on which that can have begun.
  std::optional<domain::Period> home{};
  std::vector<StayRef> parts{};  // all on the same offer that hold, by id
  std::vector<HomeRef> homes{};  // the times at home between or after them, by id
  bool transferred_in = false;   // a transfer led to them
  bool moves_on = false;         // one from them is planned or done

  bool operator==(const StayLinks&) const = default;
};

}  // namespace vardkedja::placement::usecases
