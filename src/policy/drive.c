#include "policy/drive.h"

static const char *size_text(struct arena *arena, uint64_t bytes)
{
	static const char units[] = "KMGT";
	size_t unit = 0;

	if (bytes < 1024 || bytes % 1024 != 0)
		return arena_printf(arena, "%llu bytes", (unsigned long long)bytes);
	for (bytes /= 1024; bytes % 1024 == 0 && unit < 3; unit++)
		bytes /= 1024;
	return arena_printf(arena, "%llu%c", (unsigned long long)bytes, units[unit]);
}

const char *drive_text(struct arena *arena, const struct drive *drive)
{
	return arena_printf(arena, "at most %s in %u files%s",
		size_text(arena, drive->maximum_size), drive->maximum_files,
		drive->read_only ? ", to read only" : "");
}
