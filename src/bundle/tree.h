/* The files of a bundle's directory, as they are. Nothing there is followed or waited for. */
#ifndef ROLEGATE_BUNDLE_TREE_H
#define ROLEGATE_BUNDLE_TREE_H

#include "base/strings.h"
#include "bundle/manifest.h"

enum { TREE_FILE_SIZE_MAX = 16 * 1024 * 1024 }; /* bytes of one file, as of a configuration's */

/*
 * The paths of all files below the open directory, sorted, but for MANIFEST_FILE, SEAL_FILE and
 * MARKER_FILE of its top. 0; or -1, each link, special file, refused name and more than
 * MANIFEST_FILES_MAX being a sentence in `complaints`.
 */
int tree_list(
	struct arena *arena, int directory, struct strings *paths, struct strings *complaints);

/*
 * Opens a file below the directory for reading: no link on the way, nothing outside, a regular
 * file. The descriptor, or -1 with *complaint, which begins with the path; errno is kept.
 */
int tree_open(
	struct arena *arena, int directory, const char *path, mode_t *mode, const char **complaint);

/* What it holds, in `arena`; NULL with *complaint. */
char *tree_read(struct arena *arena, int directory, const char *path, size_t limit, size_t *length,
	mode_t *mode, const char **complaint);

#endif
