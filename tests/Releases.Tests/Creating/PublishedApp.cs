using Releases.Testing;

namespace Releases.Tests.Creating;

/// <summary>An app's folder with published projects, and a rack to release them in. Deleted afterwards.</summary>
public sealed class PublishedApp : IDisposable
{
    public FakeRack Rack { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("convox-app-").FullName;

    public CreateRelease Create => new(Rack, TimeProvider.System);

    public EnvironmentRelease Environment => new(Rack, TimeProvider.System);

    public RollbackRelease Copy => new(Rack, TimeProvider.System);

    public PublishedApp Manifest(string text)
    {
        File.WriteAllText(Path.Combine(Folder, "convox.yml"), text);
        return this;
    }

    /// <summary>A publish of a project; its content differs with every version.</summary>
    public BuildRequest Publish(
        string project, bool web = true, string? service = null, string? from = null, string? description = "a build", string version = "1")
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, project)).FullName;
        var file = Path.Combine(folder, $"{Path.GetFileName(project)}.csproj");
        File.WriteAllText(file, "<Project />");
        var output = Directory.CreateDirectory(Path.Combine(Folder, "out", project, version)).FullName;
        File.WriteAllText(Path.Combine(output, "Program.dll"), $"{project} {version}");
        ServiceName? name = service is null ? null : ServiceName.Parse(service);
        return new(A.App, Folder, [new(new(file, name, web), output, "Program")], description, from, A.Person);
    }

    public Task<CreatedRelease> Released(
        string project, bool web = true, string? service = null, string? from = null, string version = "1") =>
        Create.FromBuild(Publish(project, web, service, from, version: version));

    public Task<CreatedRelease?> Set(string key, string value, string? from = null, bool toPromote = false) =>
        Environment.Create(new(A.App, new([new(key, value)], []), from, A.Person, toPromote));

    public async Task<string> ManifestOf(Release release) => await Rack.Store.ReadManifest(release.Manifest!.Value);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
