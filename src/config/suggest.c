#include "config/suggest.h"

#include <string.h>

#include "base/distance.h"

/* Two edits in a word of some length, one in a short one; more is another word. */
struct suggestion suggestion_new(const char *wanted)
{
	size_t length = strlen(wanted);

	return (struct suggestion){.wanted = wanted, .distance = length < 5 ? 2 : 3};
}

void suggestion_consider(struct suggestion *suggestion, const char *candidate)
{
	size_t edits;

	if (suggestion->distance == 0) /* no name is nearer than itself */
		return;
	edits = distance(suggestion->wanted, candidate, suggestion->distance - 1);
	if (edits < suggestion->distance) {
		suggestion->distance = edits;
		suggestion->nearest = candidate;
	}
}

const char *suggestion_text(struct arena *arena, const struct suggestion *suggestion)
{
	if (suggestion->nearest == NULL)
		return "";
	return arena_printf(arena, " (did you mean \"%s\"?)", suggestion->nearest);
}
