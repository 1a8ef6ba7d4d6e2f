/* The keys of rolegate.conf by which bundles and scripts are believed: trusted_keys. */
#ifndef ROLEGATE_TRUSTED_KEYS_H
#define ROLEGATE_TRUSTED_KEYS_H

#include "config/config.h"
#include "policy/trust.h"

struct trusted_keys {
	struct trusted_key *items;
	size_t count;
};

/*
 * The keys of DIRECTORY/rolegate.conf alone, whatever else is wrong with the configuration: a new
 * one may be what mends it. The file is held to R28. 0, with none if there is no such file; or -1
 * with problems.
 */
int trusted_keys_load(struct arena *arena, const char *directory, struct trusted_keys *keys,
	struct problems *problems);

/*
 * A file of lines "NAME ed25519:BASE64", with empty lines and "#" comments. 0 with one key at
 * least, or -1 with *complaint, "line N: …".
 */
int trusted_keys_parse(struct arena *arena, const char *bytes, size_t length,
	struct trusted_keys *keys, const char **complaint);

#endif
