#include "tests/e2e/play.h"

namespace vardkedja::e2e {

namespace nt = notification::v1;

void Play::AwaitMessage(const Case& c, std::string_view verb) {
  stage_.Await("the message " + std::string(verb) + " to the owner of case " + c.person.key, [&] {
    nt::ListMessagesRequest request;
    request.set_box(nt::MESSAGE_BOX_INBOX);
    request.set_case_id(c.referral_id);
    request.set_limit(100);
    const auto inbox = stage_.Must(c.worker, &nt::MessageService::Stub::ListMessages, request);
    for (const nt::Message& message : inbox.messages()) {
      if (message.verb_code() == verb) return true;
    }
    return false;
  });
}

}  // namespace vardkedja::e2e
