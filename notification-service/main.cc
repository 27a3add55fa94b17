#include "lib/rpc/run_main.h"
#include "notification-service/service.h"

int main(int argc, char** argv) {
  return vardkedja::rpc::RunMain(argc, argv,
                                 {.service = "notification",
                                  .build = vardkedja::notification::Build,
                                  .migrate = vardkedja::notification::Migrate,
                                  .seed = vardkedja::notification::Seed});
}
