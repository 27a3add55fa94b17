#include "lib/rpc/run_main.h"
#include "referral-service/service.h"

int main(int argc, char** argv) {
  return vardkedja::rpc::RunMain(argc, argv,
                                 {.service = "referral",
                                  .build = vardkedja::referral::Build,
                                  .migrate = vardkedja::referral::Migrate,
                                  .seed = vardkedja::referral::Seed});
}
