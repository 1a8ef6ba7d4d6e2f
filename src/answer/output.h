/* Text that grows at its end, in an arena. */
#ifndef ROLEGATE_OUTPUT_H
#define ROLEGATE_OUTPUT_H

#include <stddef.h>

#include "base/arena.h"

struct output {
	struct arena *arena;
	char *text;
	size_t length, room;
};

void output_add(struct output *output, const char *bytes, size_t length);
void output_text(struct output *output, const char *text);
/* All of it, NUL-terminated; never NULL. */
char *output_end(struct output *output);

#endif
