using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace Releases.Local;

/// <summary>Determines from a publish folder what starts the program and what it needs on the machine.</summary>
internal static class PublishedProgram
{
    private const string AspNetCore = "Microsoft.AspNetCore.App";

    /// <summary>Returns the artifact of the folder, without digest and size.</summary>
    public static Artifact Read(string folder, string assemblyName)
    {
        var executable = new[] { assemblyName, assemblyName + ".exe" }.FirstOrDefault(n => File.Exists(Path.Combine(folder, n)));
        var assembly = assemblyName + ".dll";
        if (executable is null && !File.Exists(Path.Combine(folder, assembly))) throw NothingToStart(folder, assemblyName).ToException();

        var options = RuntimeOptions(Path.Combine(folder, assemblyName + ".runtimeconfig.json"));
        var needed = options is { } some ? Frameworks(some, "framework", "frameworks") : [];
        var included = options is { } own ? Frameworks(own, null, "includedFrameworks") : [];
        var embedded = options is null && executable is not null;
        return new()
        {
            Digest = "",
            Kind = ArtifactKind.Folder,
            EntryPoint = executable ?? assembly,
            RuntimeIdentifiers = RuntimeIdentifier(folder, assemblyName, executable) is { } rid ? [rid] : [],
            Frameworks = needed,
            RollForward = options is { } settings && settings.TryGetProperty("rollForward", out var policy) ? policy.GetString() : null,
            AspNetCore = embedded
                ? Mentions(Path.Combine(folder, executable!), "Microsoft.AspNetCore"u8)
                : needed.Concat(included).Any(f => f.Name == AspNetCore),
        };
    }

    private static JsonElement? RuntimeOptions(string file)
    {
        if (!File.Exists(file)) return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.TryGetProperty("runtimeOptions", out var options) ? options.Clone() : null;
    }

    private static List<Framework> Frameworks(JsonElement options, string? one, string many)
    {
        var found = new List<Framework>();
        if (one is not null && options.TryGetProperty(one, out var single)) found.Add(Framework(single));
        if (options.TryGetProperty(many, out var list)) found.AddRange(list.EnumerateArray().Select(Framework));
        return found;
    }

    private static Framework Framework(JsonElement json) =>
        new(json.GetProperty("name").GetString() ?? "", json.TryGetProperty("version", out var version) ? version.GetString() ?? "" : "");

    /// <summary>Returns the runtime identifier of the publish, from its dependencies or else its executable, or null for any.</summary>
    private static string? RuntimeIdentifier(string folder, string assemblyName, string? executable)
    {
        var dependencies = Path.Combine(folder, assemblyName + ".deps.json");
        if (File.Exists(dependencies))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(dependencies));
            // ".NETCoreApp,Version=v10.0/linux-x64"; without the slash it is portable except for its executable.
            if (json.RootElement.TryGetProperty("runtimeTarget", out var target)
                && target.GetProperty("name").GetString()?.Split('/') is [_, var rid]) return rid;
        }

        return executable is null ? null : NativeProgram.RuntimeIdentifier(Path.Combine(folder, executable));
    }

    /// <summary>
    /// Determines whether a file contains a text. A single-file program has its settings inside, but the names of what it references can
    /// still be found in it.
    /// </summary>
    private static unsafe bool Mentions(string file, ReadOnlySpan<byte> text)
    {
        var length = new FileInfo(file).Length;
        if (length is 0 or > int.MaxValue) return false;
        using var mapped = MemoryMappedFile.CreateFromFile(file, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return new ReadOnlySpan<byte>(start, (int)length).IndexOf(text) >= 0;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static Problem NothingToStart(string folder, string assemblyName) => new(
        ProblemCode.NoPublishOutput,
        $"the publish output '{folder}' has neither a program '{assemblyName}' nor '{assemblyName}.dll', "
            + "so there is nothing to start.",
        Remedy.Do(Operation.Build, "Publish an application: with the package Releases.Tasks by dotnet publish -p:ConvoxRelease=true, or"),
        Unchanged: Problem.NothingWasStored);
}
