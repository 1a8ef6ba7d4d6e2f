#include "log/recording.h"

#include <jansson.h>
#include <string.h>

enum { CAST_VERSION = 2, HOURS_MAX = 24 * 366 * 10 };

bool recording_is_header(const char *line, size_t length)
{
	json_t *header = json_loadb(line, length, 0, NULL);
	bool is = json_is_object(header) &&
		  json_integer_value(json_object_get(header, "version")) == CAST_VERSION;

	json_decref(header);
	return is;
}

static int read_parts(struct arena *arena, const json_t *parts, struct recording_event *event)
{
	const json_t *time = json_array_get(parts, 0), *code = json_array_get(parts, 1);
	const json_t *text = json_array_get(parts, 2);
	double seconds = json_number_value(time);

	if (!json_is_number(time) || !json_is_string(code) || !json_is_string(text) ||
		json_string_length(code) != 1 || !(seconds >= 0) || !(seconds < HOURS_MAX * 3600.0))
		return -1;
	event->microseconds = (uint64_t)(seconds * 1e6 + 0.5);
	event->code = json_string_value(code)[0];
	event->length = json_string_length(text);
	event->text = memcpy(
		arena_alloc(arena, event->length + 1), json_string_value(text), event->length);
	return 0;
}

int recording_read(
	struct arena *arena, const char *line, size_t length, struct recording_event *event)
{
	json_t *parts = json_loadb(line, length, JSON_ALLOW_NUL, NULL);
	int result = -1;

	*event = (struct recording_event){0};
	if (json_is_array(parts))
		result = read_parts(arena, parts, event);
	json_decref(parts);
	return result;
}
