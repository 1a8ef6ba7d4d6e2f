/* verify and list: what is signed, and by whom. Neither changes anything. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/bundle.h"
#include "base/fd.h"
#include "base/message.h"

static bool is_json(const struct options *options)
{
	return (options->given & OPTION_JSON) != 0;
}

static const char *json_strings(struct arena *arena, const struct strings *list)
{
	struct strings texts = {0};

	for (size_t i = 0; i < list->count; i++)
		strings_add(arena, &texts, json_text(arena, list->items[i]));
	return strings_join(arena, &texts, ",");
}

static int print_verdict(struct arena *arena, const struct bundle *bundle,
	const struct trusted_key *key, const struct strings *complaints, bool json)
{
	if (json)
		printf("{\"verified\":%s,\"complaints\":[%s]%s}\n",
			complaints->count == 0 ? "true" : "false", json_strings(arena, complaints),
			key == NULL
				? ""
				: arena_printf(arena, ",%s,\"signed_by\":%s",
					  bundle_json(arena, bundle), json_text(arena, key->name)));
	else if (complaints->count > 0)
		(void)bundle_complain(complaints);
	else if (key != NULL)
		printf("verified %s, signed by key \"%s\"\n",
			escape_lines(arena, bundle_title(arena, &bundle->manifest)), key->name);
	return key != NULL && complaints->count == 0 ? ADMIN_OK : ADMIN_FOUND;
}

static int verify(struct arena *arena, int directory, const struct trusted_keys *keys, bool json)
{
	const char *complaint = NULL;
	struct strings complaints = {0};
	struct bundle bundle;
	const struct trusted_key *key =
		bundle_read_signed(arena, directory, keys->items, keys->count, &bundle, &complaint);

	if (key == NULL)
		strings_add(arena, &complaints, complaint);
	else
		(void)bundle_verify(arena, directory, &bundle.manifest, NULL, NULL, &complaints);
	return print_verdict(arena, &bundle, key, &complaints, json);
}

int bundle_verify_verb(struct arena *arena, const struct options *options)
{
	_cleanup_fd_ int directory = bundle_open_source(options->operands[1]);
	struct trusted_keys keys;

	if (directory < 0)
		return ADMIN_FOUND;
	if (options->keys != NULL ? bundle_keys_of_file(arena, options->keys, false, &keys) != 0
				  : bundle_keys_of_configuration(
					    arena, bundle_directory(arena, options), &keys) != 0)
		return ADMIN_FOUND;
	return verify(arena, directory, &keys, is_json(options));
}

/* One configuration of `list`. */
struct entry {
	const char *what; /* installed, previous */
	const char *complaint;
	const char *signed_by; /* NULL: by a key that is not trusted */
	bool there, is_bundle;
	struct bundle bundle;
	struct strings changes;
};

static void look(
	struct arena *arena, const char *path, const struct trusted_keys *keys, struct entry *entry)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	const struct trusted_key *key;
	const char *complaint;

	if (fd < 0) {
		entry->complaint = errno == ENOENT ? "none" : arena_strdup(arena, strerror(errno));
		return;
	}
	entry->there = true;
	if (bundle_read(arena, fd, &entry->bundle, &entry->complaint) != 0) {
		if (errno == ENOENT)
			entry->complaint = "not a bundle";
		return;
	}
	entry->is_bundle = true;
	key = seal_judge(arena, &entry->bundle.seal, keys->items, keys->count,
		entry->bundle.manifest_bytes, entry->bundle.manifest_length, &complaint);
	entry->signed_by = key == NULL ? NULL : key->name;
	(void)bundle_verify(arena, fd, &entry->bundle.manifest, NULL, NULL, &entry->changes);
}

static void print_entry(struct arena *arena, const struct entry *entry)
{
	printf("%-10s ", entry->what);
	if (!entry->is_bundle) {
		printf("%s\n", escape_lines(arena, entry->complaint));
		return;
	}
	printf("%s, ", escape_lines(arena, bundle_title(arena, &entry->bundle.manifest)));
	if (entry->signed_by != NULL)
		printf("signed by key \"%s\"\n", entry->signed_by);
	else
		puts("signed by no key that the configuration trusts");
	for (size_t i = 0; i < entry->changes.count; i++)
		printf("%-10s changed since: %s\n", "",
			escape_lines(arena, entry->changes.items[i]));
}

static const char *entry_json(struct arena *arena, const struct entry *entry)
{
	if (!entry->there)
		return "null";
	if (!entry->is_bundle)
		return arena_printf(arena, "{\"bundle\":false,\"complaint\":%s}",
			json_text(arena, entry->complaint));
	return arena_printf(arena, "{\"bundle\":true,%s,\"signed_by\":%s,\"changes\":[%s]}",
		bundle_json(arena, &entry->bundle),
		entry->signed_by == NULL ? "null" : json_text(arena, entry->signed_by),
		json_strings(arena, &entry->changes));
}

int bundle_list(struct arena *arena, const struct options *options)
{
	const char *directory = bundle_directory(arena, options);
	struct entry installed = {.what = "installed"}, previous = {.what = "previous"};
	struct trusted_keys keys = {0};

	(void)bundle_keys_of_configuration(arena, directory, &keys);
	look(arena, directory, &keys, &installed);
	look(arena, arena_printf(arena, "%s.previous", directory), &keys, &previous);
	if (is_json(options))
		printf("{\"installed\":%s,\"previous\":%s}\n", entry_json(arena, &installed),
			entry_json(arena, &previous));
	if (!is_json(options)) {
		print_entry(arena, &installed);
		print_entry(arena, &previous);
	}
	return installed.there ? ADMIN_OK : ADMIN_FOUND;
}
