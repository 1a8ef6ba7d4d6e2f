#include <string.h>

#include "admin/admin.h"
#include "admin/bundle.h"
#include "base/fd.h"
#include "base/message.h"

enum { NAMED = 5 };

/* The host's own files: neither in the bundle nor from the one that is installed. */
static void warn_of_files(struct place *place, const struct manifest *manifest)
{
	struct strings paths = {0}, complaints = {0}, gone = {0};
	struct arena *arena = place->arena;
	struct bundle installed;
	const char *complaint;
	bool known = bundle_read(arena, place->fd, &installed, &complaint) == 0;

	(void)tree_list(arena, place->fd, &paths, &complaints);
	for (size_t i = 0; i < paths.count; i++)
		if (manifest_find(manifest, paths.items[i]) == NULL &&
			(!known || manifest_find(&installed.manifest, paths.items[i]) == NULL))
			strings_add(arena, &gone, paths.items[i]);
	for (size_t i = 0; i < gone.count && i < NAMED; i++)
		message_warning("%s is not in the bundle: it goes with the former configuration",
			gone.items[i]);
	if (gone.count > NAMED)
		message_warning("and so do %zu more files", gone.count - NAMED);
}

static void warn_of_keys(struct place *place, const struct trusted_key *key)
{
	struct problems problems = {.arena = place->arena};
	struct trusted_keys next;

	if (trusted_keys_load(place->arena,
		    arena_printf(place->arena, "%s/%s", place->parent, place->staging), &next,
		    &problems) != 0)
		return;
	for (size_t i = 0; i < next.count; i++)
		if (memcmp(next.items[i].key, key->key, sizeof(key->key)) == 0)
			return;
	if (next.count == 0)
		message_warning("the bundle's rolegate.conf has no trusted_keys: the next install "
				"needs --trust-key");
	else
		message_warning(
			"the bundle's rolegate.conf does not trust key \"%s\", which signed "
			"it",
			key->name);
}

void bundle_warn(struct place *place, const struct bundle *bundle, const struct trusted_key *key)
{
	warn_of_files(place, &bundle->manifest);
	warn_of_keys(place, key);
}
