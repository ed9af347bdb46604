namespace Releases;

/// <summary>Collects what is wrong with a file, so that all of it is reported at once.</summary>
/// <param name="file">The file's path as the user knows it.</param>
internal sealed class ManifestDiagnostics(string file)
{
    /// <summary>As many as anyone reads before fixing the first.</summary>
    private const int MaxProblems = 100;

    /// <summary>The longest message, in characters: what a file holds is quoted in it, and may be any length.</summary>
    private const int MaxMessageLength = 500;

    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _warnings = [];

    /// <summary>Whether it is the manifest of a release, which can no longer be fixed.</summary>
    public bool IsStored { get; init; }

    /// <summary>
    /// For keys that earlier versions ignored: a stored release may have anything there, which is then left aside.
    /// </summary>
    public ManifestDiagnostics ForKeysOnceIgnored => IsStored ? new(file) { IsStored = true } : this;

    /// <summary>What keeps the file from being used, in the order of its lines; the first hundred.</summary>
    public IReadOnlyList<Problem> Problems => Sorted(_problems);

    /// <summary>What is ignored, in the order of its lines.</summary>
    public IReadOnlyList<Problem> Warnings => Sorted(_warnings);

    public void Error(YamlValue at, string message, Remedy? remedy = null) => Error(at.Line, at.Column, message, remedy);

    /// <summary>What begins like <c>${NAME}</c> but isn't a reference is an error, except in a stored release.</summary>
    public void CheckReferences(YamlValue at, string text)
    {
        if (!IsStored && Interpolation.FindInvalid(text) is { } flaw)
            Error(at, $"nothing resolves '{flaw}'.",
                "Write ${NAME}, ${NAME:-default} or ${NAME-default}. To keep the text as it is, begin it with $${.");
    }

    public void Error(int line, int column, string message, Remedy? remedy = null) => _problems.Add(Make(line, column, message, remedy));

    public void Warn(YamlValue at, string message, Remedy? remedy = null) => _warnings.Add(Make(at.Line, at.Column, message, remedy));

    private Problem Make(int line, int column, string message, Remedy? remedy) =>
        new(ProblemCode.Manifest, Printable(message), Printable(remedy), Location: new(file, line, column));

    private static Remedy? Printable(Remedy? remedy) =>
        remedy is null ? null : new([.. remedy.Steps.Select(s => s with { Words = Printable(s.Words) })]);

    /// <summary>On one line and without what would command a terminal.</summary>
    private static string Printable(string message)
    {
        var text = string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "…";
    }

    /// <summary>What an alias repeats is reported once.</summary>
    private static List<Problem> Sorted(List<Problem> problems) =>
        [.. problems.Distinct().OrderBy(p => p.Location!.Line).ThenBy(p => p.Location!.Column).Take(MaxProblems)];
}
