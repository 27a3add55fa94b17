#include "lib/rpc/run_main.h"
#include "placement-service/service.h"

int main(int argc, char** argv) {
  return vardkedja::rpc::RunMain(argc, argv,
                                 {.service = "placement",
                                  .build = vardkedja::placement::Build,
                                  .migrate = vardkedja::placement::Migrate,
                                  .seed = vardkedja::placement::Seed});
}
