/* Events as JSON objects: what all of them begin with, and the one form in which they are written.
 */
#ifndef ROLEGATE_EVENT_OBJECT_H
#define ROLEGATE_EVENT_OBJECT_H

#include <jansson.h>

#include "base/arena.h"

/* Milliseconds since 1970, by the clock that can be set. */
long long event_now(void);
/* Milliseconds by a clock that nobody sets, for what lasts. */
long long event_ticks(void);
/* RFC 3339, UTC, milliseconds; "" for a year that has no such form. */
const char *event_time(struct arena *arena, long long milliseconds);
/* The other way, for times in that form; -1: it is none. */
long long event_time_parse(const char *text);
/*
 * Text of any bytes: JSON has no way to hold what is not UTF-8, so that such bytes become the four
 * characters \xNN.
 */
json_t *event_text(struct arena *arena, const char *bytes);
/* {"time":…,"host":…,"op":…}; without `operation` the first two. NULL: no memory. */
json_t *event_object_of(
	struct arena *arena, const char *host, const char *operation, long long milliseconds);
/* The same of this host. */
json_t *event_object(struct arena *arena, const char *operation, long long milliseconds);
/*
 * Its text, one line of ASCII without line end, in `arena`: who prints it to a terminal is sent no
 * control and no bidirectional byte (R32). Takes the object. NULL: no memory.
 */
char *event_object_text(struct arena *arena, json_t *object);

#endif
