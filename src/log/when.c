/* A time as people write it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log/log.h"

static int64_t ago(const char *text, int64_t now)
{
	static const char units[] = "smhd";
	static const int64_t lengths[] = {1, 60, 3600, 86400};
	size_t digits = strspn(text, "0123456789");
	const char *unit = text[digits] != '\0' ? strchr(units, text[digits]) : NULL;
	int64_t length;

	if (digits == 0 || digits > 9 || unit == NULL || text[digits + 1] != '\0')
		return -1;
	length = strtoll(text, NULL, 10) * lengths[unit - units] * 1000;
	return length < now ? now - length : 0;
}

/* After the seconds: "", ".123", and then "Z", "+01:00" or nothing. -1: something else. */
static int zone_of(const char *rest, int *milliseconds, bool *local, int *offset)
{
	int hours, minutes;
	char sign, more;

	*milliseconds = 0;
	if (*rest == '.') {
		size_t digits = strspn(rest + 1, "0123456789");
		char first[4] = "000";

		if (digits == 0)
			return -1;
		memcpy(first, rest + 1, digits < 3 ? digits : 3);
		*milliseconds = (int)strtol(first, NULL, 10);
		rest += 1 + digits;
	}
	*offset = 0;
	*local = *rest == '\0';
	if (*local || strcmp(rest, "Z") == 0 || strcmp(rest, "z") == 0)
		return 0;
	if (sscanf(rest, "%c%2d:%2d%c", &sign, &hours, &minutes, &more) != 3 ||
		(sign != '+' && sign != '-') || hours > 23 || minutes > 59)
		return -1;
	*offset = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
	return 0;
}

/* Where clocks are set back an hour comes twice; where they are set forward one is left out. */
static time_t local_time(struct tm *parts, bool latest)
{
	time_t found = -1;

	for (int summer = 1; summer >= 0; summer--) {
		struct tm tried = *parts;
		time_t seconds;

		tried.tm_isdst = summer;
		seconds = mktime(&tried);
		if (seconds >= 0 && tried.tm_isdst == summer && tried.tm_hour == parts->tm_hour &&
			(found < 0 || (latest ? seconds > found : seconds < found)))
			found = seconds;
	}
	parts->tm_isdst = -1;
	return found < 0 ? mktime(parts) : found;
}

static int64_t since_epoch(
	struct tm *parts, int milliseconds, bool local, int offset, bool latest)
{
	struct tm checked = *parts;
	time_t seconds = local ? local_time(parts, latest) : timegm(parts);

	/* A day that its month doesn't have becomes another one. */
	if (timegm(&checked) < 0 || checked.tm_mday != parts->tm_mday || seconds < offset)
		return -1;
	return ((int64_t)seconds - offset) * 1000 + milliseconds;
}

int64_t log_parse_time(const char *text, int64_t now, bool latest)
{
	static const char *const forms[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
		"%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"};
	int64_t found = ago(text, now);
	int milliseconds, offset;
	bool local;

	for (size_t i = 0; found < 0 && i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm parts = {.tm_isdst = -1};
		const char *rest = strptime(text, forms[i], &parts);

		if (rest != NULL && (*rest == '\0' || i < 2) &&
			zone_of(rest, &milliseconds, &local, &offset) == 0)
			return since_epoch(&parts, milliseconds, local, offset, latest);
	}
	return found;
}
