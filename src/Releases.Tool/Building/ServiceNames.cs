namespace Releases.Tool;

/// <summary>Proposes a service name for each program of an app.</summary>
/// <param name="programs">The programs.</param>
/// <param name="given">Names that projects already have, by project file.</param>
internal sealed class ServiceNames(IReadOnlyList<AppProject> programs, IReadOnlyDictionary<string, ServiceName> given)
{
    private const int MaxLength = 40;

    /// <summary>
    /// Returns the proposed names: the name that the project or an AppHost states; <c>web</c> or <c>worker</c> for the only program of its
    /// kind, as without a <c>convox.yml</c>; otherwise the file name without the prefix that all programs share, in plain letters.
    /// </summary>
    public IReadOnlyDictionary<AppProject, ServiceName> Of()
    {
        var names = new Dictionary<AppProject, ServiceName>();
        foreach (var program in programs)
            if ((program.Service ?? Given(program)) is { } said) names[program] = said;
        var open = programs.Where(p => !names.ContainsKey(p)).ToList();
        var common = Common(programs);
        foreach (var program in open)
        {
            var usual = program.IsWeb ? "web" : "worker";
            var own = open.Count(p => p.IsWeb == program.IsWeb) == 1 ? usual : Own(program, common);
            names[program] = Free(ServiceName.TryParse(own, null, out var name) ? name.ToString() : usual, [.. names.Values]);
        }

        return names;
    }

    private ServiceName? Given(AppProject program) => given.TryGetValue(program.Path, out var name) ? name : null;

    private static ServiceName Free(string name, HashSet<ServiceName> taken)
    {
        for (var number = 1; ; number++)
        {
            var tail = number == 1 ? "" : $"-{number}";
            var candidate = ServiceName.Parse(name[..Math.Min(name.Length, MaxLength - tail.Length)].TrimEnd('-') + tail);
            if (!taken.Contains(candidate)) return candidate;
        }
    }

    /// <summary>Returns null if the name would lack letters of the project's.</summary>
    private static string? Own(AppProject program, int common)
    {
        var own = PlainLetters.Of(string.Join('-', Parts(program)[common..]));
        if (own is null || own.Length <= MaxLength) return own;
        return own.LastIndexOf('-', MaxLength) is > 0 and var end ? own[..end] : own[..MaxLength];
    }

    /// <summary>Returns how many leading parts all names share; each name keeps its last part.</summary>
    private static int Common(IReadOnlyList<AppProject> programs)
    {
        var parts = programs.Select(Parts).ToList();
        var most = parts.Count < 2 ? 0 : parts.Min(p => p.Length) - 1;
        var common = 0;
        while (common < most && parts.TrueForAll(p => p[common] == parts[0][common])) common++;
        return common;
    }

    private static string[] Parts(AppProject program) => Path.GetFileNameWithoutExtension(program.Path).Split('.', '_', '-', ' ');
}
