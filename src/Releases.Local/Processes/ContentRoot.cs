namespace Releases.Local;

/// <summary>
/// The content root that a service's processes are given: one path per service, since ASP.NET Core takes the path as the name
/// under which it protects cookies and forms, and a release's own folder would sign everybody out at each promotion. The path
/// is a link to a file descriptor, so each process finds its own release's files there, whatever is promoted meanwhile.
/// </summary>
internal static class ContentRoot
{
    /// <summary>ASP.NET Core's own setting.</summary>
    public const string Variable = "ASPNETCORE_CONTENTROOT";

    /// <summary>The setting of every .NET host; where the app's environment has either, it is left alone.</summary>
    private const string OfAnyHost = "DOTNET_CONTENTROOT";

    /// <summary>Not one that a shell's script would use itself.</summary>
    private const int Descriptor = 99;

    private const string Target = "/proc/self/fd/99";

    /// <summary>Adds it to the environment of a process, where the app does not state its own.</summary>
    public static void AddTo(IDictionary<string, string> environment, LocalHome home, ServiceKey service)
    {
        if (!OperatingSystem.IsLinux() || environment.ContainsKey(Variable) || environment.ContainsKey(OfAnyHost)) return;
        environment[Variable] = Link(home, service);
    }

    /// <summary>In the process itself, before it becomes the program: opens the folder that the link leads to.</summary>
    public static bool Open(string folder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path || new FileInfo(path).LinkTarget != Target)
            return true;
        var file = NativeProcess.open(folder, NativeProcess.ReadOnly, 0);
        // The copy, unlike what is opened here, is the program's and its children's too.
        return file >= 0 && NativeProcess.dup2(file, Descriptor) >= 0 && (file == Descriptor || NativeProcess.CloseOnExec(file));
    }

    private static string Link(LocalHome home, ServiceKey service)
    {
        var link = Path.Combine(home.ContentRoots, service.App.ToString(), service.Service.ToString());
        HomeFolder.CreatePrivate(Path.GetDirectoryName(link)!);
        try
        {
            File.CreateSymbolicLink(link, Target);
        }
        catch (IOException) when (new FileInfo(link).LinkTarget == Target)
        {
            // It is the same for every process of the service.
        }

        return link;
    }
}
