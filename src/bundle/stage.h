/* The copy of a bundle that is to become the configuration: root's alone, and on disk. */
#ifndef ROLEGATE_BUNDLE_STAGE_H
#define ROLEGATE_BUNDLE_STAGE_H

#include "bundle/bundle.h"

/*
 * Copies what was signed into the empty directory `stage`: the bytes that were hashed, with the
 * manifest's modes, owned by root; then verifies the copy (R29) and writes it to disk. 0, or -1
 * with all sentences in `complaints`.
 */
int stage_bundle(struct arena *arena, int source, const struct bundle *bundle, int stage,
	struct strings *complaints);

#endif
