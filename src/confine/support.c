#include "confine/support.h"

#include <string.h>

void support_probe(struct arena *arena, struct support *support)
{
	(void)arena;
	memset(support, 0, sizeof(*support));
}

const char *support_means(const struct support *support, const struct restriction *restriction,
	enum restriction_field field)
{
	(void)support;
	(void)restriction;
	(void)field;
	return NULL;
}

void support_check(
	const struct support *support, const struct policy *policy, struct problems *problems)
{
	(void)support;
	(void)policy;
	(void)problems;
}
