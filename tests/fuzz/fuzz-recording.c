/* Any bytes as a line of a recording: a header, an event or nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "log/beneath.h"
#include "log/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* Ids and names: nothing in one that is taken leads anywhere else (R31). */
static void check_names(struct arena *arena, const char *bytes, size_t size)
{
	const char *text = arena_strndup(arena, bytes, size);

	if (recording_is_id(text))
		check(strspn(text, "0123456789abcdef") == strlen(text) && strlen(text) >= 4);
	if (log_is_transcript(text))
		check(strstr(text, "..") == NULL && strstr(text, "//") == NULL && text[0] != '/' &&
			strlen(text) <= 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *bytes = (const char *)data;
	struct recording_event event;

	(void)recording_is_header(bytes, size);
	if (recording_read(arena, bytes, size, &event) == 0) {
		const char *shown = text_escape(arena, event.text, event.length);

		check(text_is_utf8(event.text, event.length) && event.length <= size);
		check(text_refused(shown, strlen(shown)) == strlen(shown));
	}
	check_names(arena, bytes, size);
	arena_free(arena);
	return 0;
}
