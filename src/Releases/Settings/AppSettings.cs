namespace Releases;

/// <summary>Represents the folder, the app and the rack that a program works with, each with its source for messages.</summary>
/// <param name="Folder">The absolute path of the app's folder.</param>
/// <param name="App">The app.</param>
/// <param name="AppSource">The source of the app's name, for example <c>CONVOX_APP</c>, or the path of <c>.convox/app</c>.</param>
/// <param name="Rack">The rack.</param>
/// <param name="RackSource">The source of the rack's address.</param>
public sealed record AppSettings(string Folder, AppName App, string AppSource, RackAddress Rack, string RackSource)
{
    private const string Placeholder = "<app>";

    /// <summary>Whether the app's name was given; otherwise it is derived from the folder's name.</summary>
    public bool IsAppStated { get; private init; } = true;

    /// <summary>Determines the settings.</summary>
    /// <param name="start">The current folder or the project's folder, as an absolute path.</param>
    /// <param name="app">The app that was passed to the program, or null if none was.</param>
    /// <param name="rack">The rack that was passed to the program, or null if none was.</param>
    /// <param name="variable">Looks up an environment variable of the process.</param>
    /// <param name="kinds">The supported kinds of racks.</param>
    public static AppSettings Resolve(string start, Setting? app, Setting? rack, Func<string, string?> variable, RackKinds kinds)
    {
        var home = HomeOf(variable);
        var folder = AppFolder.Find(start, home, variable);
        var name = First(app, variable, "CONVOX_APP", AppFolder.FindSettings(folder, home), "app")
            ?? new(FolderNames.ToAppName(folder), $"the name of the folder {folder}") { IsDerived = true };
        var (address, source) = ResolveRack(start, folder, home, rack, variable, kinds);
        return new(folder, ParseApp(name), name.Source, address, source) { IsAppStated = !name.IsDerived };
    }

    /// <summary>
    /// Returns the name that a new app of the folder has to be given, or a placeholder, because the folder's name can't be its name; null
    /// if a name is set, or the folder's name can be it.
    /// </summary>
    /// <param name="start">As for <see cref="Resolve"/>.</param>
    /// <param name="variable">As for <see cref="Resolve"/>.</param>
    public static string? NameToPass(string start, Func<string, string?> variable)
    {
        var home = HomeOf(variable);
        var folder = AppFolder.Find(start, home, variable);
        if (First(null, variable, "CONVOX_APP", AppFolder.FindSettings(folder, home), "app") is not null) return null;
        if (!AppName.TryParse(FolderNames.ToAppName(folder), null, out var app)) return Placeholder;
        return FolderNames.IsUsable(folder) ? null : app.ToString();
    }

    /// <summary>
    /// Determines only the rack, for operations that don't concern an app; the folder's name doesn't have to be a valid app name then.
    /// </summary>
    /// <param name="start">As for <see cref="Resolve"/>.</param>
    /// <param name="rack">As for <see cref="Resolve"/>.</param>
    /// <param name="variable">As for <see cref="Resolve"/>.</param>
    /// <param name="kinds">As for <see cref="Resolve"/>.</param>
    public static RackAddress ResolveRack(string start, Setting? rack, Func<string, string?> variable, RackKinds kinds)
    {
        var home = HomeOf(variable);
        return ResolveRack(start, AppFolder.Find(start, home, variable), home, rack, variable, kinds).Address;
    }

    private static (RackAddress Address, string Source) ResolveRack(
        string start, string folder, string? home, Setting? rack, Func<string, string?> variable, RackKinds kinds)
    {
        var settings = AppFolder.FindSettings(folder, home);
        var address = First(rack, variable, "CONVOX_RACK", settings, "rack") ?? new("local", "the default");
        // A path in a file must mean the same wherever it is read; anything else is relative to the user's folder.
        var relativeTo = settings is not null && address.Source.StartsWith(settings, StringComparison.Ordinal) ? folder : start;
        return (ParseRack(address, relativeTo, kinds), address.Source);
    }

    private static string? HomeOf(Func<string, string?> variable) =>
        variable("HOME") is { Length: > 0 } unix ? unix : variable("USERPROFILE");

    private static Setting? First(Setting? passed, Func<string, string?> variable, string variableName, string? settings, string file)
    {
        if (passed is { Value.Length: > 0 }) return passed;
        if (variable(variableName)?.Trim() is { Length: > 0 } value) return new(value, variableName);
        if (settings is null) return null;
        var path = Path.Combine(settings, file);
        if (!File.Exists(path)) return null;
        return File.ReadAllText(path).Trim() is { Length: > 0 } text ? new(text, path) : null;
    }

    private static AppName ParseApp(Setting name) => AppName.TryParse(name.Value, null, out var app)
        ? app
        : throw new Problem(
            ProblemCode.IllegalName, $"'{name.Value}', from {name.Source}, isn't a valid app name.",
            Remedy.FromString($"A name is {DnsName.Rule}.").Or(Remedy.Pass(OperationOption.App, "Name another", Placeholder)),
            ProblemKind.Usage).ToException();

    private static RackAddress ParseRack(Setting address, string relativeTo, RackKinds kinds)
    {
        try
        {
            return kinds.Parse(address.Value, relativeTo);
        }
        catch (ProblemException wrong) when (wrong.Is(ProblemCode.RackAddress))
        {
            throw (wrong.Problems[0] with { Message = $"'{address.Value}', from {address.Source}, isn't a rack address." })
                .ToException(wrong);
        }
    }
}

/// <summary>Represents a value and its source.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">The source, for example <c>CONVOX_APP</c>.</param>
public sealed record Setting(string Value, string Source)
{
    /// <summary>Whether it was derived rather than set.</summary>
    internal bool IsDerived { get; init; }
}
