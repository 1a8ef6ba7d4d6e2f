/*
 * For a denial: which grant came nearest to what was asked. For administrators alone, since it
 * tells of grants that the person does not have (R24).
 */
#ifndef ROLEGATE_ADMIN_NEAREST_H
#define ROLEGATE_ADMIN_NEAREST_H

#include "admin/person.h"

struct nearest_hint {
	const char *text;    /* one sentence, without the place */
	const char *command; /* its name */
	const char *role;
	bool held; /* the person has this role */
	struct source source;
};

struct nearest {
	struct nearest_hint hints[2]; /* one of the person's own grants; one of a role they lack */
	size_t count;
};

/* `count` is 0 when nothing is near. */
void nearest_find(struct arena *arena, const struct person *person, const char *const *words,
	size_t count, const struct decision *decision, struct nearest *nearest);

#endif
