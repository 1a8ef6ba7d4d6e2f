#include "policy/refusal.h"

#include "base/text.h"

enum { SHOWN_MAX = 64 /* bytes of a word */ };

int refusal_set(struct refusal *refusal, enum reason reason, size_t word,
	const struct parameter *parameter, const char *detail)
{
	*refusal = (struct refusal){reason, word, parameter, detail};
	return -1;
}

char *refusal_show(struct arena *arena, const char *text, size_t length)
{
	size_t end = length;

	if (end > SHOWN_MAX)
		for (end = SHOWN_MAX; end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80;)
			end--;
	return arena_printf(
		arena, "%s%s", text_escape(arena, text, end), end < length ? "..." : "");
}
