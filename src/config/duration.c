/* Spans of time: seconds as a number, or "30m". */
#include <ctype.h>
#include <string.h>

#include "config/build.h"

/* "90s", "30m", "8h", "7d": a whole number and its unit. False if it is none, or too large. */
static bool parse(const char *text, unsigned *seconds)
{
	static const struct {
		char name;
		unsigned seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	uint64_t value = 0;
	size_t digits = 0;

	for (; isdigit((unsigned char)text[digits]); digits++) {
		value = value * 10 + (uint64_t)(text[digits] - '0');
		if (value > DURATION_MAX)
			return false;
	}
	for (size_t i = 0; digits > 0 && i < sizeof(units) / sizeof(units[0]); i++)
		if (text[digits] == units[i].name && text[digits + 1] == '\0' &&
			value <= DURATION_MAX / units[i].seconds) {
			*seconds = (unsigned)value * units[i].seconds;
			return true;
		}
	return false;
}

void build_duration(struct reader *reader, const config_setting_t *setting, void *field)
{
	int type = config_setting_type(setting);
	long long number = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64
				   ? config_setting_get_int64(setting)
				   : -1;
	const char *text = type == CONFIG_TYPE_STRING ? config_setting_get_string(setting) : NULL;

	if (number >= 0 && number <= DURATION_MAX)
		*(unsigned *)field = (unsigned)number;
	else if (text == NULL || !parse(text, field))
		reader_error(reader, setting,
			"%s: expected seconds, or a time such as \"90s\", \"30m\", \"8h\" or "
			"\"7d\", "
			"and %dd at the most",
			setting->name, DURATION_MAX / 86400);
}
