// Credentials of both sides of a connection. Include from lib/rpc only.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/status/status.h"
#include "lib/config/service_config.h"

namespace vardkedja::rpc {

// OK when TLS is off or all three files can be read; else INVALID_ARGUMENT naming the key and file.
absl::Status CheckTlsFiles(const config::Tls& tls);

// Client certificates are required and verified.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const config::Tls& tls);

// Presents the process's certificate and verifies the server's, its name included.
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials(const config::Tls& tls);

}  // namespace vardkedja::rpc
