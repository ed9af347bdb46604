namespace Releases;

/// <summary>Gathers what is wrong with a file, so that all of it is said at once.</summary>
/// <param name="file">The file's path as the person knows it.</param>
internal sealed class ManifestDiagnostics(string file)
{
    /// <summary>As many as a person reads before they mend the first.</summary>
    private const int MaxProblems = 100;

    /// <summary>The longest message, in characters: what a file holds is quoted in it, and may be any length.</summary>
    private const int MaxMessageLength = 500;

    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _warnings = [];

    /// <summary>Whether it is the manifest of a release, which nobody can mend.</summary>
    public bool IsStored { get; init; }

    /// <summary>What keeps the file from being used, in the order of its lines; the first hundred.</summary>
    public IReadOnlyList<Problem> Problems => Sorted(_problems);

    /// <summary>What is ignored, in the order of its lines.</summary>
    public IReadOnlyList<Problem> Warnings => Sorted(_warnings);

    public void Error(YamlValue at, string message, string? remedy = null) => Error(at.Line, at.Column, message, remedy);

    /// <summary>What begins like <c>${NAME}</c> and is none is a mistake where it can be mended.</summary>
    public void Flaw(YamlValue at, string text)
    {
        if (!IsStored && Interpolation.Flaw(text) is { } flaw)
            Error(at, $"'{flaw}' is not resolved by anything.", "Write ${NAME}, ${NAME:-default} or ${NAME-default}; for the text itself, begin it with $${.");
    }

    public void Error(int line, int column, string message, string? remedy = null) => _problems.Add(Make(line, column, message, remedy));

    public void Warn(YamlValue at, string message, string? remedy = null) => _warnings.Add(Make(at.Line, at.Column, message, remedy));

    private Problem Make(int line, int column, string message, string? remedy) =>
        new(ProblemCode.Manifest, Printable(message), remedy is null ? null : Printable(remedy), Location: new(file, line, column));

    /// <summary>On one line and without what would command a terminal.</summary>
    private static string Printable(string message)
    {
        var text = string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "…";
    }

    /// <summary>What an alias brings in twice is said once.</summary>
    private static List<Problem> Sorted(List<Problem> problems) =>
        [.. problems.Distinct().OrderBy(p => p.Location!.Line).ThenBy(p => p.Location!.Column).Take(MaxProblems)];
}
