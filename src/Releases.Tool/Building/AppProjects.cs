namespace Releases.Tool;

/// <summary>
/// Finds the project files of an app: those that <c>convox.yml</c> names and, if that isn't all of them, the project in the current folder,
/// the projects that the solution lists, those in the app's folder, or every project below it.
/// </summary>
/// <param name="folder">The app's folder.</param>
/// <param name="here">The current folder.</param>
/// <param name="say">Receives notes for the user about the choice.</param>
internal sealed class AppProjects(string folder, string here, Action<string> say)
{
    private static readonly string[] Kinds = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>Skips folders that this user can't read, such as a database's: they hold none of the app's projects.</summary>
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <summary>Returns the absolute paths of the project files. Fails if there are none, or if they can't be determined.</summary>
    /// <param name="plan">The plan, which knows the projects that <c>convox.yml</c> names.</param>
    /// <param name="isPlanned">Whether there is a <c>convox.yml</c>; if so, the whole app is published from any folder.</param>
    public IReadOnlyList<string> Find(PlanBuild plan, bool isPlanned)
    {
        var (named, areAll) = plan.NamedProjects();
        if (areAll) return named;
        var found = !isPlanned && OfThisFolder() is { Count: > 0 } own ? own : All();
        IReadOnlyList<string> all = [.. found.Union(named, StringComparer.Ordinal)];
        return all.Count > 0 ? all : throw Nothing();
    }

    /// <summary>Returns the folder's only solution, or null if it has none or several.</summary>
    public static string? Solution(string folder) => Solutions(folder) is [var only] ? only : null;

    /// <summary>
    /// Returns the projects of the current folder, as <c>dotnet publish</c> would there; the app's other services stay as they are.
    /// </summary>
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
        // Several solutions with the same projects are fine: a migrated solution often stays beside its .slnx.
        if (lists.Exists(l => !l.SequenceEqual(lists[0])))
            throw new Problem(
                ProblemCode.Unclear,
                $"{folder} has several solutions ({string.Join(", ", solutions.Select(Path.GetFileName))}), so it isn't clear which "
                    + "projects belong to the app; nothing was built.",
                $"Name the project of each service as 'build' in {ManifestReader.FileName}.").ToException();
        if (lists is [{ Count: > 0 } listed, ..]) return listed;
        var below = In(folder, deep: false) is { Count: > 0 } own ? own : In(folder, deep: true);
        if (lists.Count > 0 && below.Count > 0)
            say($"note: {Path.GetFileName(solutions[0])} lists no projects, so those in {folder} are used.");
        return below;
    }

    private static IReadOnlyList<string> Listed(string solution) =>
        Path.GetExtension(solution).Equals(".slnf", StringComparison.OrdinalIgnoreCase)
            ? SolutionFilter.Projects(solution) : SolutionFile.Projects(solution);

    /// <summary>Returns the folder's solutions, or its solution filters if it has no solution.</summary>
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
