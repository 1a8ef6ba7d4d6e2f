#include "gateway/installed.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "bundle/bundle.h"
#include "config/trust.h"

static void note(struct policy *policy, struct arena *scratch, int directory)
{
	struct strings complaints = {0};
	struct policy_bundle *installed;
	const char *complaint;
	struct bundle bundle;

	if (bundle_read(scratch, directory, &bundle, &complaint) != 0)
		return;
	installed = arena_alloc(policy->arena, sizeof(*installed));
	installed->name = arena_strdup(policy->arena, bundle.manifest.name);
	installed->serial = bundle.manifest.serial;
	installed->unchanged =
		bundle_verify(scratch, directory, &bundle.manifest, NULL, NULL, &complaints) == 0;
	policy->bundle = installed;
}

void installed_note(struct policy *policy, const char *directory)
{
	struct arena *scratch = arena_new();
	const char *complaint;
	int fd = trust_open(scratch, directory, O_RDONLY | O_DIRECTORY, &complaint);

	if (fd >= 0)
		note(policy, scratch, fd);
	fd_close(&fd);
	arena_free(scratch);
}
