/// Escaping for the places of an HTML page where foreign text may stand.
#pragma once

#include <string>
#include <string_view>

namespace closo::report::detail {

/// For element content and double-quoted attributes; control characters other than tab and line feed are dropped.
std::string escape_html(std::string_view text);

/// As escape_html, with digital object identifiers ("10.1000/…") made links.
std::string escape_html_with_links(std::string_view text);

/// JSON for <script type="application/json">: no '<', '>' or '&' remains.
std::string escape_json_for_script(std::string_view json);

/// Trusted JavaScript or CSS for inlining: "</script", "</style" and "<!--" cannot end or change the element. Carriage
/// returns are dropped, as a browser does before it computes the digest of a script.
std::string escape_for_inlining(std::string_view code);

/// Percent-encoding for data: addresses.
std::string percent_encode(std::string_view bytes);

/// RFC 4648, section 4: for digests and for data: addresses of bytes.
std::string base64(std::string_view bytes);

}  // namespace closo::report::detail
