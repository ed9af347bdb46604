namespace Releases.Tool;

/// <summary>
/// Finds the project files of an app: what <c>convox.yml</c> names; where that is not all of it, the project of the folder that the user is
/// in, what the solution lists, the folder's own projects, or every project below it.
/// </summary>
/// <param name="folder">The app's folder.</param>
/// <param name="here">The folder that the user is in.</param>
/// <param name="say">Takes what the user should know of the choice.</param>
internal sealed class AppProjects(string folder, string here, Action<string> say)
{
    private static readonly string[] Kinds = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>A folder that this user cannot read, such as a database's, has none of the app's projects.</summary>
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <summary>The files, absolute; refuses if there are none, or if they can't be determined.</summary>
    /// <param name="plan">Knows what <c>convox.yml</c> names.</param>
    /// <param name="isPlanned">Whether there is a <c>convox.yml</c>, which means all of the app wherever the user is.</param>
    public IReadOnlyList<string> Find(PlanBuild plan, bool isPlanned)
    {
        var (named, areAll) = plan.NamedProjects();
        if (areAll) return named;
        var found = !isPlanned && OfThisFolder() is { Count: > 0 } own ? own : All();
        IReadOnlyList<string> all = [.. found.Union(named, StringComparer.Ordinal)];
        return all.Count > 0 ? all : throw Nothing();
    }

    /// <summary>The only solution of the folder; null: it has none, or several.</summary>
    public static string? Solution(string folder) => Solutions(folder) is [var only] ? only : null;

    /// <summary>As <c>dotnet publish</c> there does; the other services of the app stay as they are.</summary>
    private List<string> OfThisFolder()
    {
        if (!here.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return [];
        var own = In(here, deep: false);
        if (own.Count > 0)
            say(
                $"note: only {string.Join(", ", own.Select(Path.GetFileName))} is published, "
                    + $"as this is its folder. For every project, go to {folder}");
        return own;
    }

    private IReadOnlyList<string> All()
    {
        var solutions = Solutions(folder);
        var lists = new List<IReadOnlyList<string>>();
        foreach (var solution in solutions) lists.Add([.. Listed(solution).Where(IsProject).Order(StringComparer.Ordinal)]);
        // A migrated one is next to its new form.
        if (lists.Exists(l => !l.SequenceEqual(lists[0])))
            throw new Problem(
                ProblemCode.Unclear,
                $"{folder} has several solutions ({string.Join(", ", solutions.Select(Path.GetFileName))}), so it isn't clear which "
                    + "projects belong to the app; nothing was built.",
                $"Name the project of each service as 'build' in {ManifestReader.FileName}.").ToException();
        if (lists is [{ Count: > 0 } listed, ..]) return listed;
        var below = In(folder, deep: false) is { Count: > 0 } own ? own : In(folder, deep: true);
        if (lists.Count > 0 && below.Count > 0)
            say($"note: {Path.GetFileName(solutions[0])} lists no projects, so those in {folder} are taken.");
        return below;
    }

    private static IReadOnlyList<string> Listed(string solution) =>
        Path.GetExtension(solution).Equals(".slnf", StringComparison.OrdinalIgnoreCase)
            ? SolutionFilter.Projects(solution) : SolutionFile.Projects(solution);

    /// <summary>A filter is taken where nothing else is there.</summary>
    private static IReadOnlyList<string> Solutions(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).ToLookup(f => Path.GetExtension(f).ToLowerInvariant());
        IReadOnlyList<string> whole = [.. files[".sln"], .. files[".slnx"]];
        return whole.Count > 0 ? whole : [.. files[".slnf"]];
    }

    private ProblemException Nothing()
    {
        var single = Directory.EnumerateFiles(folder, "*.cs").Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault();
        return single is null
            ? new Problem(ProblemCode.BuildFailed, $"there is no project in {folder} or below; nothing was built.",
                "Go to the app's folder, or create a project: dotnet new web").ToException()
            : new Problem(
                ProblemCode.BuildFailed, $"there is no project in {folder} or below, and {single} alone isn't one; nothing was built.",
                $"Make a project of it: dotnet project convert {single}").ToException();
    }

    private static List<string> In(string folder, bool deep) =>
    [
        .. Directory.EnumerateFiles(folder, "*", Readable).Where(IsProject).Order(StringComparer.Ordinal),
        .. deep ? Directory.EnumerateDirectories(folder, "*", Readable).Where(IsSource).Order(StringComparer.Ordinal)
            .SelectMany(f => In(f, deep)) : [],
    ];

    private static bool IsProject(string file) => Kinds.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static bool IsSource(string folder) =>
        Path.GetFileName(folder) is var name && !name.StartsWith('.') && name is not ("bin" or "obj" or "artifacts" or "node_modules")
        && new DirectoryInfo(folder).LinkTarget is null;
}
