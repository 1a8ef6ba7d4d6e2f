#include "config/trusted_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/text.h"
#include "config/build.h"
#include "config/signature.h"
#include "config/trust.h"

static const struct trusted_key *find(
	const struct trusted_key *keys, size_t count, const struct trusted_key *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i].name, key->name) == 0 ||
			memcmp(keys[i].key, key->key, sizeof(key->key)) == 0)
			return &keys[i];
	return NULL;
}

/* Only the tree's own lines are looked at: what else the file says is not this one's business. */
static void read_main(struct loader *loader, const struct document *document)
{
	struct reader reader = {.loader = loader, .document = document, .file = document->file};
	const config_setting_t *list =
		config_setting_get_member(config_root_setting(&document->tree), "trusted_keys");

	if (list != NULL && !reader_is_sequence(list))
		reader_wrong_type(&reader, list, "a list ( )");
	else if (list != NULL)
		build_trusted_keys(&reader, list, NULL);
}

static void parse_main(
	struct loader *loader, const char *bytes, size_t length, struct trusted_keys *keys)
{
	struct document document;

	if (document_parse(&document, loader->problems, "rolegate.conf", bytes, length))
		read_main(loader, &document);
	document_destroy(&document);
	*keys = (struct trusted_keys){loader->policy->keys, loader->policy->key_count};
}

int trusted_keys_load(struct arena *arena, const char *directory, struct trusted_keys *keys,
	struct problems *problems)
{
	const char *path = arena_printf(arena, "%s/rolegate.conf", directory), *complaint;
	_cleanup_fd_ int fd = trust_open(arena, path, O_RDONLY, &complaint);
	const struct source source = {"rolegate.conf", 0};
	struct loader loader = {.arena = arena, .scratch = arena, .problems = problems};
	size_t length;
	char *bytes;

	*keys = (struct trusted_keys){0};
	if (fd < 0 && errno == ENOENT)
		return 0;
	loader.policy = arena_alloc(arena, sizeof(*loader.policy));
	bytes = fd < 0 ? NULL : fd_read_all(arena, fd, DOCUMENT_SIZE_MAX, &length);
	if (bytes == NULL)
		problem_add(problems, PROBLEM_ERROR, source, "%s",
			fd < 0 ? complaint : strerror(errno));
	else
		parse_main(&loader, bytes, length, keys);
	return problems->errors == 0 ? 0 : -1;
}

static int parse_line(struct arena *arena, char *line, struct trusted_keys *keys, unsigned number,
	const char **complaint)
{
	const char *reason = "expected \"NAME ed25519:BASE64\"";
	char *text = strchr(line, ' ');
	struct trusted_key key = {.name = line, .source = {NULL, number}};

	if (text != NULL) {
		*text++ = '\0';
		if (text_is_name(line) && signature_key_parse(text, key.key, &reason) == 0) {
			if (find(keys->items, keys->count, &key) == NULL) {
				keys->items = arena_grow(
					arena, keys->items, keys->count, sizeof(*keys->items));
				keys->items[keys->count++] = key;
				return 0;
			}
			reason = "a key of this name or of these bytes is there already";
		}
	}
	*complaint = arena_printf(arena, "line %u: %s", number, reason);
	return -1;
}

int trusted_keys_parse(struct arena *arena, const char *bytes, size_t length,
	struct trusted_keys *keys, const char **complaint)
{
	char *next = arena_strndup(arena, bytes, length), *line;

	*keys = (struct trusted_keys){0};
	*complaint = "there is no key in it; expected lines \"NAME ed25519:BASE64\"";
	for (unsigned number = 1; (line = strsep(&next, "\n")) != NULL; number++)
		if (*line != '\0' && *line != '#' &&
			parse_line(arena, line, keys, number, complaint) != 0)
			return -1;
	return keys->count > 0 ? 0 : -1;
}
