/* What a bundle says of itself: a manifest and a seal have one form each, and name nothing outside.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bundle/manifest.h"
#include "bundle/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_path(const char *path)
{
	check(*path != '/' && *path != '\0' && strlen(path) <= MANIFEST_PATH_MAX);
	check(text_refused(path, strlen(path)) == strlen(path));
	for (const char *part = path; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		check(*part != '.' && *part != '/' && *part != '\0');
	}
}

static void check_manifest(
	struct arena *arena, const struct manifest *manifest, const char *bytes, size_t size)
{
	const char *again = manifest_print(arena, manifest);

	check(strlen(again) == size && memcmp(again, bytes, size) == 0);
	check(manifest->count > 0 && manifest->serial > 0);
	for (size_t i = 0; i < manifest->count; i++) {
		check_path(manifest->files[i].path);
		check(manifest_mode_allowed(manifest->files[i].mode));
		check(strlen(manifest->files[i].digest) == 64);
		check(manifest_find(manifest, manifest->files[i].path) == &manifest->files[i]);
	}
}

static void check_complaint(const char *complaint)
{
	check(complaint != NULL && strncmp(complaint, "bundle.", 7) == 0);
	check(text_refused(complaint, strlen(complaint)) == strlen(complaint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *bytes = (const char *)data, *complaint = NULL;
	struct manifest manifest;
	struct seal seal;

	if (manifest_parse(arena, bytes, size, &manifest, &complaint) == 0)
		check_manifest(arena, &manifest, bytes, size);
	else
		check_complaint(complaint);
	if (seal_parse(arena, bytes, size, &seal, &complaint) == 0) {
		const char *again = seal_print(arena, &seal);

		check(strlen(again) == size && memcmp(again, bytes, size) == 0);
	} else {
		check_complaint(complaint);
	}
	arena_free(arena);
	return 0;
}
