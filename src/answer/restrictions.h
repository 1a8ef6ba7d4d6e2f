/* What a profile, or several together, leave of a run: as JSON and as text, with the sources. */
#ifndef ROLEGATE_RESTRICTIONS_H
#define ROLEGATE_RESTRICTIONS_H

#include "answer/json_out.h"
#include "policy/restriction.h"

/* "restrictions": {field: {value, sources: [{profile, file, line}]}}: the fields that are said. */
void restrictions_json(struct output *output, const struct restriction *restriction);

/* A line or more for each field that is said, from column `indent` on; "nothing" if none is. */
void restrictions_text(struct output *output, const struct restriction *restriction, size_t indent);

/* "profiles.d/web.conf:3", or "built in". */
const char *restrictions_place(struct arena *arena, const struct source *source);

#endif
