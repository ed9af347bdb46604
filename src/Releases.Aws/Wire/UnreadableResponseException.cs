namespace Releases.Aws;

/// <summary>
/// AWS, or something before it, answered with what tells nothing: an empty body, half of one, a page, members of other kinds.
/// </summary>
internal sealed class UnreadableResponseException(string what, Exception? cause = null) : Exception(what, cause);
