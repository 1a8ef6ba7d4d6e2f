#include "base/amount.h"

#include <ctype.h>

const struct amount_unit amount_sizes[] = {{'K', UINT64_C(1) << 10}, {'M', UINT64_C(1) << 20},
	{'G', UINT64_C(1) << 30}, {'T', UINT64_C(1) << 40}, {'\0', 1}};

const struct amount_unit amount_times[] = {
	{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'\0', 0}};

bool amount_parse(
	const char *text, const struct amount_unit *units, uint64_t most, uint64_t *amount)
{
	uint64_t value = 0;

	if (!isdigit((unsigned char)*text))
		return false;
	for (; isdigit((unsigned char)*text); text++)
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
			return false;
	while (units->name != '\0' && units->name != *text)
		units++;
	if (units->name != *text || (*text != '\0' && text[1] != '\0') || units->factor == 0 ||
		value > most / units->factor)
		return false;
	*amount = value * units->factor;
	return true;
}

const char *amount_size_text(struct arena *arena, uint64_t bytes)
{
	static const char units[] = {'K', 'M', 'G', 'T'};
	size_t unit = 0;

	if (bytes == 0 || bytes % 1024 != 0)
		return arena_printf(arena, "%llu bytes", (unsigned long long)bytes);
	for (bytes /= 1024; bytes % 1024 == 0 && unit + 1 < sizeof(units); unit++)
		bytes /= 1024;
	return arena_printf(arena, "%llu%c", (unsigned long long)bytes, units[unit]);
}
