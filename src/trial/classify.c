#include "trial/classify.h"

enum command_class classify(const struct observation *seen)
{
	if (seen->elevations.count > 0)
		return CLASS_ELEVATED;
	return seen->changes.count > 0 ? CLASS_WRITE_CAPABLE : CLASS_READ_ONLY;
}

const struct strings *classify_reasons(const struct observation *seen)
{
	return seen->elevations.count > 0 ? &seen->elevations : &seen->changes;
}
