/* Bytes of a stream as what stands between the quotes of a JSON string, for cast*.c only. */
#ifndef ROLEGATE_CAST_TEXT_H
#define ROLEGATE_CAST_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cast_lines;

/*
 * Whether more than `most` of the bytes are NUL, or part of no character. One that is cut off at
 * the end is none.
 */
bool cast_text_is_strange(const unsigned char *bytes, size_t length, size_t most);
size_t cast_text_nuls(const unsigned char *bytes, size_t length);
/* Bytes at the end that begin a character which goes on behind them: 0 to 3. */
size_t cast_text_unfinished(const unsigned char *bytes, size_t length);
/*
 * Appends them: controls and bidirectional characters as \uNNNN, so that the file itself can be
 * printed (R32); what is no UTF-8 as U+FFFD. Returns how many bytes that were.
 */
size_t cast_text_put(struct cast_lines *lines, const unsigned char *bytes, size_t length);
void cast_put(struct cast_lines *lines, const void *bytes, size_t length);

#endif
