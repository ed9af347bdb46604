namespace Releases.Tool;

/// <summary>
/// Chooses one target framework for each program that has several: the requested one, the project's own choice, or the only one for which
/// the project is a program.
/// </summary>
/// <param name="asked">The framework that the user requested, or null.</param>
/// <param name="appFolder">The app's folder.</param>
internal sealed class ChooseFramework(string? asked, string appFolder)
{
    /// <summary>Returns one program for each project. Fails if the choice is ambiguous.</summary>
    /// <param name="programs">The programs, one entry for each target framework.</param>
    public IReadOnlyList<DescribedProject> Of(IReadOnlyList<DescribedProject> programs)
    {
        var choices = programs.GroupBy(p => p.Project.Path, StringComparer.Ordinal)
            .Select(frameworks => (IReadOnlyList<DescribedProject>)[.. frameworks.OrderBy(f => f.Framework?.Length)
                .ThenBy(f => f.Framework, StringComparer.Ordinal)]).ToList();
        var chosen = choices.ConvertAll(c => (Choices: c, One: One(c)));
        if (chosen.FindAll(c => c.One is null) is { Count: > 0 } open)
            throw new ProblemException([.. open.Select(o => Unclear(o.Choices))]);
        return [.. chosen.Select(c => c.One!)];
    }

    private DescribedProject? One(IReadOnlyList<DescribedProject> choices) =>
        (asked is null ? null : choices.FirstOrDefault(c => Is(c, asked)))
        ?? choices.FirstOrDefault(c => c.Chosen is { } own && Is(c, own))
        ?? (choices.Count == 1 ? choices[0] : null);

    private Problem Unclear(IReadOnlyList<DescribedProject> choices)
    {
        var project = Path.GetRelativePath(appFolder, choices[0].Project.Path);
        var frameworks = string.Join(", ", choices.Select(c => c.Framework));
        var wrong = asked ?? choices[0].Chosen;
        var likely = (choices.LastOrDefault(c => c.Framework?.Contains('-', StringComparison.Ordinal) == false) ?? choices[^1]).Framework;
        return new(
            ProblemCode.Unclear,
            wrong is null
                ? $"{project} has several target frameworks ({frameworks}), and a release has one; nothing was built."
                : $"{project} does not target {wrong}, but {frameworks}; nothing was built.",
            $"Pass one: dotnet convox deploy -- -f {likely}; or set it in the project: <ConvoxFramework>{likely}</ConvoxFramework>",
            Location: new(choices[0].Project.Path, 1, 1));
    }

    private static bool Is(DescribedProject program, string framework) =>
        string.Equals(program.Framework, framework, StringComparison.OrdinalIgnoreCase);
}
