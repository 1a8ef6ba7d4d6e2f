#include "author/sudoers.h"

#include "author/sudoers_parts.h"

static int import(struct sudo_reading *reading, struct sudoers *sudoers)
{
	struct sudo_out out = {.arena = reading->arena, .losses = reading->losses};

	sudoers_defaults(reading);
	if (sudoers_read(reading) < 0)
		return -1;
	for (size_t i = 0; reading->confines != NULL && i < reading->entry_count; i++)
		reading->entries[i].confines = reading->confines;
	sudoers_carry(reading, &out);
	sudoers_name_all(&out);
	sudoers_write(&out, sudoers);
	return 0;
}

int sudoers_import(struct arena *arena, const char *bytes, size_t length, const char *host,
	struct sudoers *sudoers, const char **complaint)
{
	struct sudo_reading reading = {.arena = arena, .host = host};
	json_t *root = sudoers_json(arena, bytes, length, complaint);
	int result;

	if (root == NULL)
		return -1;
	*sudoers = (struct sudoers){.losses = {.arena = arena}};
	reading.root = root;
	reading.losses = &sudoers->losses;
	result = import(&reading, sudoers);
	json_decref(root);
	if (result < 0)
		*complaint = reading.complaint;
	return result;
}
