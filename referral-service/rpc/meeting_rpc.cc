#include "referral-service/rpc/meeting_rpc.h"

#include <chrono>

#include "lib/status/status.h"

namespace vardkedja::referral::rpc {

using auth::CallContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

namespace {

v1::BoardMeeting ToProto(const domain::BoardMeeting& meeting) {
  v1::BoardMeeting out;
  out.set_meeting_id(meeting.meeting_id);
  out.set_meeting_date(FormatDate(meeting.date));
  out.set_form(static_cast<v1::MeetingForm>(meeting.form));
  for (const domain::Attendance& from : meeting.attendance) {
    v1::Attendance& one = *out.add_attendance();
    one.set_seat(from.seat);
    one.set_deputy(from.deputy);
  }
  for (const domain::MeetingItem& from : meeting.items) {
    v1::MeetingItem& item = *out.add_items();
    item.set_referral_id(from.referral_id);
    item.set_text(from.text);
  }
  out.set_item_count(meeting.item_count);
  out.set_corrects_meeting_id(meeting.corrects_meeting_id);
  out.set_recorded_by_seat(meeting.recorded_by_seat);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(meeting.recorded_at);
  out.mutable_record_time()->set_seconds(seconds.time_since_epoch().count());
  out.mutable_record_time()->set_nanos(
      static_cast<std::int32_t>(std::chrono::nanoseconds(meeting.recorded_at - seconds).count()));
  return out;
}

domain::NewMeeting FromProto(const v1::RecordMeetingRequest& request) {
  domain::NewMeeting meeting;
  meeting.date = request.meeting_date();
  meeting.form = static_cast<domain::MeetingForm>(request.form());
  for (const v1::Attendance& one : request.attendance()) {
    meeting.attendance.push_back({one.seat(), one.deputy()});
  }
  for (const v1::MeetingItem& item : request.items()) {
    meeting.items.push_back({item.referral_id(), item.text()});
  }
  meeting.corrects_meeting_id = request.corrects_meeting_id();
  return meeting;
}

}  // namespace

MeetingRpc::MeetingRpc(vardkedja::rpc::AdapterCore& core, usecases::CaseDoor& door,
                       usecases::MeetingStore& meetings)
    : adapter_(core, v1::MeetingService::service_full_name()), meetings_(door, meetings) {}

ServerUnaryReactor* MeetingRpc::RecordMeeting(CallbackServerContext* context,
                                              const v1::RecordMeetingRequest* request,
                                              v1::BoardMeeting* response) {
  return adapter_.Unary(
      context, request, response, "RecordMeeting",
      [this](const CallContext& call,
             const v1::RecordMeetingRequest& in) -> absl::StatusOr<v1::BoardMeeting> {
        VK_ASSIGN_OR_RETURN(const domain::BoardMeeting meeting,
                            meetings_.Record(call, FromProto(in)));
        return ToProto(meeting);
      });
}

ServerUnaryReactor* MeetingRpc::GetMeeting(CallbackServerContext* context,
                                           const v1::GetMeetingRequest* request,
                                           v1::BoardMeeting* response) {
  return adapter_.Unary(
      context, request, response, "GetMeeting",
      [this](const CallContext& call,
             const v1::GetMeetingRequest& in) -> absl::StatusOr<v1::BoardMeeting> {
        VK_ASSIGN_OR_RETURN(const domain::BoardMeeting meeting,
                            meetings_.Get(call, in.meeting_id()));
        return ToProto(meeting);
      });
}

ServerUnaryReactor* MeetingRpc::ListMeetings(CallbackServerContext* context,
                                             const v1::ListMeetingsRequest* request,
                                             v1::ListMeetingsResponse* response) {
  return adapter_.Unary(
      context, request, response, "ListMeetings",
      [this](const CallContext& call,
             const v1::ListMeetingsRequest& in) -> absl::StatusOr<v1::ListMeetingsResponse> {
        VK_ASSIGN_OR_RETURN(const usecases::MeetingPage page,
                            meetings_.List(call, {in.limit(), in.cursor()}));
        v1::ListMeetingsResponse out;
        for (const domain::BoardMeeting& meeting : page.meetings) {
          *out.add_meetings() = ToProto(meeting);
        }
        out.set_next(page.next);
        return out;
      });
}

}  // namespace vardkedja::referral::rpc
