/* A JSON object as indented lines for a person. */
#ifndef ROLEGATE_STATUS_OUTLINE_H
#define ROLEGATE_STATUS_OUTLINE_H

#include <jansson.h>

#include "base/arena.h"

char *status_outline(struct arena *arena, json_t *object);

#endif
