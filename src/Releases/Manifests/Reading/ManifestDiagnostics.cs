namespace Releases;

/// <summary>Collects the problems of a file, so that all of them are reported at once.</summary>
/// <param name="file">The path of the file as the user knows it.</param>
internal sealed class ManifestDiagnostics(string file)
{
    /// <summary>More than anyone reads before fixing the first one.</summary>
    private const int MaxProblems = 100;

    /// <summary>The maximum length of a message, in characters: it quotes the file, whose values can have any length.</summary>
    private const int MaxMessageLength = 500;

    private readonly List<Problem> _problems = [];
    private readonly List<Problem> _warnings = [];
    private readonly List<Problem> _ofLocalRack = [];

    /// <summary>Whether it is the manifest of a release, which can no longer be changed.</summary>
    public bool IsStored { get; init; }

    /// <summary>
    /// Diagnostics for keys that earlier versions ignored: their values in a stored release can be anything, so problems with them are
    /// discarded.
    /// </summary>
    public ManifestDiagnostics ForKeysOnceIgnored => IsStored ? new(file) { IsStored = true } : this;

    /// <summary>The errors that make the file unusable, in the order of its lines; the first hundred.</summary>
    public IReadOnlyList<Problem> Problems => Sorted(_problems);

    /// <summary>The warnings about ignored settings, in the order of its lines.</summary>
    public IReadOnlyList<Problem> Warnings => Sorted(_warnings);

    /// <summary>Those of the warnings that concern only local racks.</summary>
    public IReadOnlyList<Problem> WarningsOfLocalRack => _ofLocalRack;

    public void Error(YamlValue at, string message, Remedy? remedy = null) => Error(at.Line, at.Column, message, remedy);

    /// <summary>Reports text that begins like <c>${NAME}</c> but isn't a reference, except in a stored release.</summary>
    public void CheckReferences(YamlValue at, string text)
    {
        if (!IsStored && Interpolation.FindInvalid(text) is { } flaw)
            Error(at, $"nothing resolves '{flaw}'.",
                "Write ${NAME}, ${NAME:-default} or ${NAME-default}. To keep the text as it is, begin it with $${.");
    }

    public void Error(int line, int column, string message, Remedy? remedy = null) => _problems.Add(Make(line, column, message, remedy));

    public void Warn(YamlValue at, string message, Remedy? remedy = null) => _warnings.Add(Make(at.Line, at.Column, message, remedy));

    /// <summary>Warns of what a setting doesn't do on a local rack, although it has a meaning elsewhere.</summary>
    public void WarnOfLocalRack(YamlValue at, string message, Remedy? remedy = null)
    {
        Warn(at, message, remedy);
        _ofLocalRack.Add(_warnings[^1]);
    }

    private Problem Make(int line, int column, string message, Remedy? remedy) =>
        new(ProblemCode.Manifest, Printable(message), Printable(remedy), Location: new(file, line, column));

    private static Remedy? Printable(Remedy? remedy) =>
        remedy is null ? null : new([.. remedy.Steps.Select(s => s with { Words = Printable(s.Words) })]);

    /// <summary>Returns the text on one line, without control characters.</summary>
    private static string Printable(string message)
    {
        var text = string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "…";
    }

    /// <summary>A problem that an alias repeats is reported once.</summary>
    private static List<Problem> Sorted(List<Problem> problems) =>
        [.. problems.Distinct().OrderBy(p => p.Location!.Line).ThenBy(p => p.Location!.Column).Take(MaxProblems)];
}
