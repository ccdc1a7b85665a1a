/// SHA-256 digests in Base64, as a Content-Security-Policy names the scripts it lets run.
/// Source: FIPS PUB 180-4 (2015), DOI 10.6028/NIST.FIPS.180-4; Base64: RFC 4648, section 4.
#pragma once

#include <string>
#include <string_view>

namespace closo::report::detail {

std::string sha256_base64(std::string_view bytes);

}  // namespace closo::report::detail
