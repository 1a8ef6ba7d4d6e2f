#include "confine/landlock.h"

int landlock_abi(void)
{
	return 0;
}

bool landlock_is_needed(const struct restriction *restriction, const struct support *support)
{
	(void)restriction;
	(void)support;
	return false;
}

int landlock_enter(const struct restriction *restriction, const struct support *support)
{
	(void)restriction;
	(void)support;
	return 0;
}

bool landlock_holds(const struct restriction *restriction, const struct support *support)
{
	(void)restriction;
	(void)support;
	return true;
}
