namespace Releases.Tool;

/// <summary>Finds an argument that isn't UTF-8 text: the runtime has replaced bytes of it, so it isn't what the caller typed.</summary>
internal static class LossyArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>Returns the problem, which doesn't repeat the argument because it may be a secret; or null.</summary>
    public static Problem? Find(string[] arguments) =>
        Array.FindIndex(arguments, a => a.Contains(Replacement, StringComparison.Ordinal)) is >= 0 and var at
            ? new(
                ProblemCode.Usage, $"argument {at + 1} isn't UTF-8 text. Nothing changed.",
                "Convert it, or encode binary values, for example as base64.", ProblemKind.Usage)
            : null;
}
