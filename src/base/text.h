/* Bytes that came from somebody else: what they may hold, and how they are shown. */
#ifndef ROLEGATE_TEXT_H
#define ROLEGATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The offset of the first byte that a request may not hold, or `length` when there is none:
 * control bytes (C0, DEL), invalid UTF-8 (overlong, surrogate, above U+10FFFF), and the control
 * characters U+0080 to U+009F, U+2028, U+2029 (R2).
 */
size_t text_refused(const char *bytes, size_t length);

/* The same of a value of several lines: line ends (LF) and tabs may be in it. */
size_t text_refused_lines(const char *bytes, size_t length);
/* LF or tab. */
bool text_is_layout(char byte);

/* True for well-formed UTF-8. */
bool text_is_utf8(const char *bytes, size_t length);

/* How many bytes of the string to show: all, or at most `most`, not in the middle of a character. */
size_t text_cut(const char *text, size_t most);

/*
 * For a person's terminal (R32): control bytes, invalid UTF-8 and bidirectional controls become
 * \xNN or \u{NNNN}; nothing that a terminal obeys is left. Newlines are escaped too.
 */
char *text_escape(struct arena *arena, const char *bytes, size_t length);

/* Its next character alone, as text. The number of `bytes`, of which there is one, that it is. */
enum { TEXT_ESCAPED = 12 };
size_t text_escape_one(const char *bytes, size_t length, char escaped[TEXT_ESCAPED]);

/* [A-Za-z0-9_] then [A-Za-z0-9._-]*, at most 64 bytes: endpoints, roles, aliases, parameters (R6). */
bool text_is_name(const char *text);
/* As useradd(8) accepts: [A-Za-z_][A-Za-z0-9_.-]*[$]?, at most 32 bytes, and not all digits (R23). */
bool text_is_account(const char *text);
/* [A-Za-z_][A-Za-z0-9_]* */
bool text_is_variable(const char *text);
/* Absolute, no empty, "." or ".." component, no trailing slash (but "/"), no refused bytes. */
bool text_is_canonical_path(const char *text);
/* `text` against `glob`, in which `*` stands for any bytes, and nothing else is special. */
bool text_wildcard(const char *glob, const char *text);

#endif
