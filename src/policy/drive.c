#include "policy/drive.h"

#include "base/amount.h"

const char *drive_text(struct arena *arena, const struct drive *drive)
{
	return arena_printf(arena, "at most %s in %u files%s",
		amount_size_text(arena, drive->maximum_size), drive->maximum_files,
		drive->read_only ? ", to read only" : "");
}
