/* Spans of time: seconds as a number, or "30m". */
#include "base/amount.h"
#include "config/build.h"

void build_duration(struct reader *reader, const config_setting_t *setting, void *field)
{
	int type = config_setting_type(setting);
	long long number = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64
				   ? config_setting_get_int64(setting)
				   : -1;
	uint64_t seconds;
	const char *text = type == CONFIG_TYPE_STRING ? config_setting_get_string(setting) : NULL;

	if (number >= 0 && number <= DURATION_MAX)
		*(unsigned *)field = (unsigned)number;
	else if (text != NULL && amount_parse(text, amount_times, DURATION_MAX, &seconds))
		*(unsigned *)field = (unsigned)seconds;
	else
		reader_error(reader, setting,
			"%s: expected seconds, or a time such as \"90s\", \"30m\", \"8h\" or "
			"\"7d\", "
			"and %dd at the most",
			setting->name, DURATION_MAX / 86400);
}
