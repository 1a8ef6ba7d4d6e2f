#include "record/event_object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum { HOST_MAX = 256 };

long long event_now(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

long long event_ticks(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *event_time(struct arena *arena, long long milliseconds)
{
	time_t seconds = (time_t)(milliseconds / 1000);
	char text[32];
	struct tm parts;

	if (gmtime_r(&seconds, &parts) == NULL ||
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts) == 0)
		return "";
	return arena_printf(arena, "%s.%03dZ", text, (int)(milliseconds % 1000));
}

long long event_time_parse(const char *text)
{
	struct tm parts = {0};
	int milliseconds, length = 0;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &parts.tm_year, &parts.tm_mon,
		    &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds,
		    &length) != 7 ||
		length != (int)strlen(text))
		return -1;
	parts.tm_year -= 1900;
	parts.tm_mon--;
	return (long long)timegm(&parts) * 1000 + milliseconds;
}

/* The length of the character of UTF-8 at `bytes`, or 0. */
static size_t character(const char *bytes, size_t left)
{
	for (size_t length = 1; length <= 4 && length <= left; length++)
		if (text_is_utf8(bytes, length))
			return length;
	return 0;
}

json_t *event_text(struct arena *arena, const char *bytes)
{
	size_t left = strlen(bytes);
	char *text, *end;

	if (text_is_utf8(bytes, left))
		return json_string(bytes);
	end = text = arena_alloc(arena, left * 4 + 1);
	while (left > 0) {
		size_t length = character(bytes, left);

		if (length == 0)
			end = mempcpy(end,
				arena_printf(arena, "\\x%02x", (unsigned)(unsigned char)*bytes), 4);
		else
			end = mempcpy(end, bytes, length);
		left -= length == 0 ? 1 : length;
		bytes += length == 0 ? 1 : length;
	}
	return json_string(text);
}

json_t *event_object_of(
	struct arena *arena, const char *host, const char *operation, long long milliseconds)
{
	json_t *object = json_object();
	int failed;

	failed = json_object_set_new(object, "time", json_string(event_time(arena, milliseconds)));
	failed |= json_object_set_new(object, "host", event_text(arena, host));
	if (operation != NULL)
		failed |= json_object_set_new(object, "op", json_string(operation));
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
}

json_t *event_object(struct arena *arena, const char *operation, long long milliseconds)
{
	char host[HOST_MAX] = "";

	(void)gethostname(host, sizeof(host) - 1);
	return event_object_of(arena, host, operation, milliseconds);
}

char *event_object_text(struct arena *arena, json_t *object)
{
	char *dumped = object == NULL ? NULL : json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	char *text = dumped == NULL ? NULL : arena_strdup(arena, dumped);

	free(dumped);
	json_decref(object);
	return text;
}
