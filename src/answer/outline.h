/*
 * A JSON object as indented lines for a person, at most 80 columns wide where words allow it. An
 * array is a table with a column for each member, or, where they have a member "what", a line for
 * each: what it is, its "value" if it has one, and by which "means" it is so.
 */
#ifndef ROLEGATE_OUTLINE_H
#define ROLEGATE_OUTLINE_H

#include <jansson.h>

#include "base/arena.h"

char *outline_text(struct arena *arena, json_t *object);

#endif
